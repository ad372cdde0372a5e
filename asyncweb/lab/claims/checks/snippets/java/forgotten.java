// Each request leaves a page in a cache that nothing is ever removed from.
import java.util.HashMap;
import java.util.Map;

class Forgotten {
    static final Map<Integer, String> cache = new HashMap<>();

    static String answer(int number) {
        return cache.computeIfAbsent(number, which -> "page " + which);
    }

    public static void main(String[] arguments) {
        for (int number = 0; number < 1000; number++) {
            answer(number);
        }
        System.out.println(cache.isEmpty() ? "sound" : "harm");
    }
}
