package dev.pando.rehearse.traffic;

/** What one client does, the same each time that it begins. */
public interface Script {
    Turns begin();

    /** One turn after the other, without end. Belongs to its client. */
    interface Turns {
        Turn next();
    }
}
