package dev.pando.rehearse.traffic;

/** What one client does, one turn after the other, without end. Belongs to its client. */
public interface Script {
    Turn next();
}
