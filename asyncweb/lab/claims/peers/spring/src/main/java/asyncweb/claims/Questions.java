package asyncweb.claims;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The three questions of the trial. */
@RestController
public class Questions {
    private static final String HELLO = "Hello World";
    private static final int WAIT_MS = 10;
    private static final String QUERY = "SELECT name FROM users WHERE id = ?";
    private static final int ROW_ID = 42;

    private final Path file;
    private final String database;

    public Questions(
            @Value("${claims.file}") Path file, @Value("${claims.database}") String database) {
        this.file = file;
        this.database = "jdbc:sqlite:" + database;
    }

    @GetMapping("/")
    public String hello() {
        return HELLO;
    }

    @GetMapping("/wait")
    public String pause() throws InterruptedException {
        Thread.sleep(WAIT_MS);
        return HELLO;
    }

    @GetMapping("/read")
    public String read() throws IOException, SQLException {
        return Files.readString(file) + name();
    }

    private String name() throws SQLException {
        try (var connection = DriverManager.getConnection(database);
                var statement = connection.prepareStatement(QUERY)) {
            statement.setInt(1, ROW_ID);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }
}
