// Two users follow each other. Nobody else holds them.
import java.lang.ref.WeakReference;

class Cycle {
    static class User {
        User follows;
    }

    static WeakReference<User> meet() {
        User ada = new User();
        User bob = new User();
        ada.follows = bob;
        bob.follows = ada;
        return new WeakReference<>(ada);
    }

    public static void main(String[] arguments) {
        WeakReference<User> ada = meet();
        for (int round = 0; round < 20 && ada.get() != null; round++) {
            System.gc();
        }
        System.out.println(ada.get() == null ? "sound" : "harm");
    }
}
