package dev.pando.core.session;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds the notifications one client got against those that were committed. Between what the client knows for certain and what may have
 * been the case lie the moments in which its LISTEN or UNLISTEN was under way.
 */
final class Hearing {
    /** From a stamp on, until before another. */
    private record Span(long from, long until) {
        boolean has(long stamp) {
            return from <= stamp && stamp < until;
        }
    }

    private final World world;
    private final Script script;
    private final List<ModelDatabase.Told> told;
    private final Map<String, Integer> numbers = new HashMap<>();
    /** When the client listens for certain, and when it may. */
    private final Map<String, List<Span>> certain = new HashMap<>();

    private final Map<String, List<Span>> possible = new HashMap<>();
    /** Channels that a transaction has left for certain, by the number of the ReadyForQuery that ends its answer. */
    private final Map<Integer, Set<String>> left = new HashMap<>();
    /** When each notification arrived, by its number. */
    private final Map<Integer, Long> arrived = new HashMap<>();

    Hearing(World world, Script script) {
        this.world = world;
        this.script = script;
        this.told = world.servers().getFirst().database().told();
        for (int i = 0; i < told.size(); i++) {
            if (numbers.put(told.get(i).payload(), i) != null) {
                throw new World.Violation(told.get(i).payload() + " was notified twice");
            }
        }
    }

    void check() {
        script.program().notes().forEach(this::said);
        spans();
        String misplaced = script.misplaced();
        if (misplaced != null) {
            throw new World.Violation(misplaced);
        }
        inOrder();
        beforeReady();
        if (script.stayed()) {
            require(Long.MAX_VALUE, Long.MAX_VALUE, "at the end");
            notSilent();
        }
    }

    /** What the client notified is there, in order, if its transaction is. */
    private void said(Program.Notes notes) {
        List<Integer> there = notes.payloads().stream()
                .filter(numbers::containsKey)
                .map(numbers::get)
                .toList();
        boolean all = there.size() == notes.payloads().size();
        boolean kept =
                switch (Verdict.of(script, notes.segment(), world.faults().any())) {
                    case ALL -> all;
                    case NONE -> there.isEmpty();
                    case EITHER -> all || there.isEmpty();
                    case ANY -> true;
                };
        if (!kept || !there.equals(there.stream().sorted().toList())) {
            throw new World.Violation("of the notifications " + brief(notes.payloads()) + " these were sent: " + there
                    + ", but the client was told " + script.answer(notes.segment()));
        }
    }

    private void spans() {
        for (Program.Channels step : script.program().channels()) {
            Verdict verdict = Verdict.of(script, step.segment(), world.faults().any());
            Set<String> leaving = left.computeIfAbsent(step.segment(), none -> new HashSet<>());
            if (loose(step, verdict)) {
                leaving.clear();
                for (String channel : ChannelSteps.CHANNELS) {
                    begin(possible, channel, script.sentAt(step.from()));
                    end(certain, channel, script.sentAt(step.from()));
                }
                continue;
            }
            boolean undone = verdict == Verdict.NONE && !(step.atOnce() && script.mayHaveSent(step.segment()));
            if (undone) {
                continue;
            }
            boolean sure = verdict == Verdict.ALL;
            long done = sure ? script.readyAt().get(step.segment()).stamp() : Long.MAX_VALUE;
            Map<String, Boolean> net = new HashMap<>();
            for (Program.Channel change : step.changes()) {
                if (change.channel().equals("*")) {
                    possible.keySet().forEach(channel -> net.put(channel, false));
                    net.replaceAll((channel, listens) -> false);
                } else {
                    net.put(change.channel(), change.listens());
                }
            }
            net.forEach((channel, listens) -> {
                if (listens) {
                    leaving.remove(channel);
                    begin(possible, channel, script.sentAt(step.segment()));
                    if (sure) {
                        begin(certain, channel, done);
                    }
                } else {
                    end(certain, channel, script.sentAt(step.from()));
                    if (sure) {
                        leaving.add(channel);
                        end(possible, channel, done);
                    }
                }
            });
        }
    }

    /** Nobody knows what its statements came to, perhaps each for itself. */
    private boolean loose(Program.Channels step, Verdict verdict) {
        boolean unended = verdict == Verdict.NONE && !script.mayHaveSent(step.segment());
        return switch (verdict) {
            case EITHER, ANY -> true;
            case NONE, ALL -> unended && script.mayHaveSent(step.from());
        };
    }

    private static void begin(Map<String, List<Span>> spans, String channel, long at) {
        List<Span> all = spans.computeIfAbsent(channel, none -> new ArrayList<>());
        if (all.isEmpty() || all.getLast().until() < Long.MAX_VALUE) {
            all.add(new Span(at, Long.MAX_VALUE));
        }
    }

    private static void end(Map<String, List<Span>> spans, String channel, long at) {
        List<Span> all = spans.getOrDefault(channel, List.of());
        if (!all.isEmpty() && all.getLast().until() == Long.MAX_VALUE) {
            all.add(new Span(all.removeLast().from(), at));
        }
    }

    private static boolean within(Map<String, List<Span>> spans, String channel, long from, long until) {
        return spans.getOrDefault(channel, List.of()).stream()
                .anyMatch(span -> span.has(from) && until <= span.until());
    }

    /** Each once, in the order of commits, while it may be heard, and none left out. */
    private void inOrder() {
        int last = -1;
        Set<String> once = new HashSet<>();
        for (Script.Heard heard : script.heard()) {
            Integer number = numbers.get(heard.payload());
            if (number == null || !told.get(number).channel().equals(heard.channel())) {
                throw new World.Violation("a notification nobody has committed: " + brief(heard.payload()));
            }
            if (!once.add(heard.payload()) || number <= last) {
                throw new World.Violation("twice or out of order: " + brief(heard.payload()));
            }
            last = number;
            boolean may = possible.getOrDefault(heard.channel(), List.of()).stream()
                    .anyMatch(span -> span.has(told.get(number).stamp()) && span.has(heard.stamp()));
            if (!may) {
                throw new World.Violation("a notification without LISTEN: " + brief(heard.payload()) + " of "
                        + heard.channel() + ", listened to " + possible);
            }
            if (left.getOrDefault(heard.closing(), Set.of()).contains(heard.channel())) {
                throw new World.Violation("a notification after UNLISTEN: " + brief(heard.payload()));
            }
            require(told.get(number).stamp(), heard.stamp(), "before " + brief(heard.payload()));
            arrived.put(number, heard.stamp());
        }
    }

    /** Before ReadyForQuery all comes that was committed before its Query or Sync was sent, and what that has itself committed. */
    private void beforeReady() {
        Set<String> own = new HashSet<>();
        script.program().notes().forEach(notes -> own.addAll(notes.payloads()));
        for (int i = 0; i < script.readyAt().size(); i++) {
            Script.Ready ready = script.readyAt().get(i);
            if (!ready.idle() || (toldOfLoss() && lostBefore(ready.stamp()))) {
                continue;
            }
            require(script.sentAt(i), ready.stamp(), "before ReadyForQuery " + i);
            for (int n = 0; ready.last() && n < told.size(); n++) {
                if (own.contains(told.get(n).payload()) && told.get(n).stamp() < ready.stamp()) {
                    requireOne(n, ready.stamp(), "of its own before ReadyForQuery " + i);
                }
            }
        }
    }

    /** The answer under way when the connection is lost still comes, and then the end. */
    private boolean lostBefore(long stamp) {
        return world.listening().losses().stream().anyMatch(loss -> loss < stamp);
    }

    private boolean toldOfLoss() {
        return !script.answers().isEmpty()
                && script.answers().getLast().startsWith("E 08006 the connection that listens");
    }

    /** What was committed before one stamp must have arrived before the other. */
    private void require(long committed, long by, String when) {
        for (int n = 0; n < told.size() && told.get(n).stamp() < committed; n++) {
            requireOne(n, by, when);
        }
    }

    private void requireOne(int number, long by, String when) {
        ModelDatabase.Told one = told.get(number);
        if (within(certain, one.channel(), one.stamp(), by) && arrived.getOrDefault(number, Long.MAX_VALUE) > by) {
            throw new World.Violation("missed " + brief(one.payload()) + " of " + one.channel() + " " + when
                    + "; listened to " + certain);
        }
    }

    /** Who listened when the listening connection was lost has been told so. */
    private void notSilent() {
        for (long loss : world.listening().losses()) {
            certain.forEach((channel, spans) -> {
                if (within(certain, channel, loss, Long.MAX_VALUE)) {
                    throw new World.Violation("the listening connection was lost and a client that listens to "
                            + channel + " was not told");
                }
            });
        }
    }

    private static String brief(Object payload) {
        String text = payload.toString();
        return text.length() > 200 ? text.substring(0, 20) + "…" : text;
    }
}
