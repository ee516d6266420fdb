package dev.pando.core.session;

import java.util.ArrayDeque;
import java.util.Map;

/** A program run against one model server without network or time: the answers it has earned. */
final class Reference implements Script.Connection {
    private final ModelDatabase database = new ModelDatabase(() -> 0);
    private final ArrayDeque<Runnable> todo = new ArrayDeque<>();
    private final ModelBackend backend;
    private final Script script;

    private Reference(Program program) {
        script = new Script(program, () -> 0);
        database.sharded(program.sharded());
        backend = new ModelBackend(
                database, (micros, then) -> todo.add(then), bytes -> todo.add(() -> script.receive(bytes)));
    }

    static Reference run(Program program) {
        return run(program, Map.of());
    }

    /** With settings that the client's startup packet asked for. */
    static Reference run(Program program, Map<String, String> startup) {
        Reference reference = new Reference(program);
        reference.backend.session().startup(startup);
        reference.script.start(reference);
        while (!reference.todo.isEmpty()) {
            reference.todo.removeFirst().run();
        }
        if (!reference.script.complete()) {
            throw new AssertionError("the model server leaves a program waiting: " + reference.script.waitingFor());
        }
        return reference;
    }

    Script script() {
        return script;
    }

    ModelDatabase database() {
        return database;
    }

    @Override
    public void send(byte[] bytes) {
        todo.add(() -> backend.receive(bytes));
    }

    @Override
    public void hangUp() {
        // the program is over
    }

    @Override
    public void cancel() {
        // nothing runs for long
    }
}
