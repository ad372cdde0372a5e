// Two threads count a visit each, on one number that both write.
import java.util.concurrent.CountDownLatch;

class Race {
    static final CountDownLatch haveRead = new CountDownLatch(2);
    static int visits = 0;

    static void visit() {
        int seen = visits;
        haveRead.countDown();
        try {
            haveRead.await();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
        visits = seen + 1;
    }

    public static void main(String[] arguments) throws InterruptedException {
        Thread one = new Thread(Race::visit);
        Thread two = new Thread(Race::visit);
        one.start();
        two.start();
        one.join();
        two.join();
        System.out.println(visits == 2 ? "sound" : "harm");
    }
}
