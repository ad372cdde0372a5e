package asyncweb.claims;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts Spring Boot with its embedded Tomcat. */
@SpringBootApplication
public class Claims {
    public static void main(String[] arguments) {
        SpringApplication.run(Claims.class, arguments);
    }
}
