package dev.pando.lab.twin;

/** Something of the target that its twin has not, or not alike. */
public record Omission(String kind, String name, String reason) {
    @Override
    public String toString() {
        return kind + " " + name + ": " + reason;
    }
}
