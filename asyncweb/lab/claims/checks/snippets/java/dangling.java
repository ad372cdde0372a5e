// A reference to what would be gone with the method that made it: it lives on.
class Dangling {
    static StringBuilder nameOfAUser() {
        return new StringBuilder("Ada");
    }

    public static void main(String[] arguments) {
        StringBuilder name = nameOfAUser();
        System.gc();
        System.out.println(name.toString().equals("Ada") ? "sound" : "harm");
    }
}
