package dev.pando.core.session;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** LISTEN, UNLISTEN and NOTIFY of one connection to a model server: they count from COMMIT on. */
final class ModelChannels {
    /** What NOTIFY says. */
    record Note(String channel, String payload) {}

    /** How far a transaction has come, for ROLLBACK TO. */
    record Mark(int changes, int notes) {}

    private record Change(boolean listens, String channel) {}

    private final ModelDatabase database;
    private final Set<String> listening = new LinkedHashSet<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<Note> notes = new ArrayList<>();
    private final List<Note> heard = new ArrayList<>();
    private Runnable wake = () -> {};

    ModelChannels(ModelDatabase database) {
        this.database = database;
    }

    /** What to do when something was heard. */
    void onHeard(Runnable action) {
        wake = action;
    }

    void listen(String channel) {
        changes.add(new Change(true, channel));
    }

    /** {@code *} for all. */
    void unlisten(String channel) {
        changes.add(new Change(false, channel));
    }

    void notify(String channel, String payload) {
        notes.add(new Note(channel, payload));
    }

    List<String> listening() {
        return List.copyOf(listening);
    }

    /** Whether the transaction has said something that PREPARE TRANSACTION cannot keep. */
    boolean pending() {
        return !changes.isEmpty() || !notes.isEmpty();
    }

    Mark mark() {
        return new Mark(changes.size(), notes.size());
    }

    void back(Mark mark) {
        changes.subList(mark.changes(), changes.size()).clear();
        notes.subList(mark.notes(), notes.size()).clear();
    }

    void commit() {
        for (Change change : changes) {
            if (change.listens()) {
                listening.add(change.channel());
            } else if (change.channel().equals("*")) {
                listening.clear();
            } else {
                listening.remove(change.channel());
            }
        }
        database.hears(this, !listening.isEmpty());
        List<Note> said = List.copyOf(notes);
        rollback();
        database.tell(said);
    }

    void rollback() {
        changes.clear();
        notes.clear();
    }

    /** DISCARD ALL, or the end of the connection. */
    void silence() {
        listening.clear();
        database.hears(this, false);
    }

    void hear(Note note) {
        if (listening.contains(note.channel())) {
            heard.add(note);
            wake.run();
        }
    }

    /** What the client is to be told now. */
    List<Note> take() {
        List<Note> all = List.copyOf(heard);
        heard.clear();
        return all;
    }
}
