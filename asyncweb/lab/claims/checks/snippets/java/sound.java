// No fault: what shows that the compiler works.
class Sound {
    public static void main(String[] arguments) {
        System.out.println("sound");
    }
}
