package dev.pando.core.session;

import dev.pando.base.error.PandoError;
import dev.pando.base.error.PandoException;
import dev.pando.core.link.Requests;
import dev.pando.core.link.ServerLink;
import dev.pando.core.link.Unheard;
import dev.pando.core.merge.Merger;
import dev.pando.core.route.Command.Fetch;
import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A cursor over several shards: each has one of its own, declared when the client's was, so that all it shows was there then. Its rows
 * come through a {@link Scatter} that goes on from FETCH to FETCH. That begins with the first one, which says in which format rows are
 * wanted; rows that came too early wait in the merge in that format, so another one afterwards is refused.
 */
final class CursorRows implements Portal.Rows {
    /**
     * What a cursor is made of.
     *
     * @param server its name on servers
     * @param hidden columns that only the merge sees
     */
    record Source(
            String name,
            String server,
            List<ServerLink> links,
            Merger merger,
            boolean grouped,
            int hidden,
            long offset) {}

    /** What a FETCH wants, and how. */
    record Wanted(Fetch fetch, short[] formats, Execution.@Nullable Window window, boolean describes) {}

    private final SessionPort port;
    private final Replier replier;
    private final Leases leases;
    private final Session session;
    private final Source source;
    private final CursorPosition position = new CursorPosition();
    private @Nullable Scatter scatter;
    /** It was to go back, which has made it fail. */
    private boolean refused;

    private short[] formats = {};
    private String readBy = "";

    CursorRows(Session session, Replier replier, Source source) {
        this.session = session;
        this.port = session.port();
        this.leases = session.leases();
        this.replier = replier;
        this.source = source;
    }

    List<ServerLink> links() {
        return source.links();
    }

    /** What has become of one FETCH's rows: shown from a certain one on, and told by its tag. */
    private final class Fetched implements Scatter.Hand {
        private final Wanted wanted;
        private final long skip;
        private final Execution.@Nullable Window window;
        private final @Nullable HeldRows held;

        Fetched(Wanted wanted, long skip) {
            this.wanted = wanted;
            this.skip = skip;
            Execution.Window limits = wanted.window();
            this.window = limits != null && limits.limited() ? limits : null;
            this.held = window == null ? null : new HeldRows(replier, window.room());
        }

        @Override
        public boolean shows(long row) {
            return row >= skip && !wanted.fetch().moves();
        }

        @Override
        public @Nullable HeldRows keeps() {
            return held;
        }

        @Override
        public void over(long rows, boolean full, Outcome outcome) {
            position.moved(rows, !full);
            told(Math.max(0, rows - skip), outcome);
        }

        private void told(long counts, Outcome outcome) {
            String tag = (wanted.fetch().moves() ? "MOVE " : "FETCH ") + counts;
            if (held == null || window == null || wanted.fetch().moves()) {
                replier.complete(tag);
                outcome.done();
            } else {
                held.tag(tag);
                window.rest().accept(held);
                held.fetch(window.maxRows(), window.room(), outcome);
            }
        }
    }

    /** Executed by the protocol under its own name. */
    private final class Executed extends PortalHand {
        Executed() {
            super(port, replier);
        }

        @Override
        public void over(long rows, boolean full, Outcome outcome) {
            position.moved(rows, !full);
            super.over(rows, full, outcome);
        }
    }

    /** Runs a FETCH or MOVE. */
    void run(Wanted wanted, long room, Outcome outcome) {
        if (failed()) {
            throw cannotRun(source.name());
        }
        switch (step(wanted.fetch())) {
            case CursorPosition.Step.Stay(long counts) -> {
                Fetched none = new Fetched(wanted, 0);
                if (wanted.fetch().moves()) {
                    none.told(counts, outcome);
                } else {
                    forward(0, none, wanted, room, outcome);
                }
            }
            case CursorPosition.Step.Forward(long skip, long take) -> {
                long most = take > Long.MAX_VALUE - skip ? Long.MAX_VALUE : skip + take;
                forward(most, new Fetched(wanted, skip), wanted, room, outcome);
            }
        }
    }

    private CursorPosition.Step step(Fetch fetch) {
        try {
            return position.step(fetch);
        } catch (Refusal refusal) {
            refused = true;
            throw refusal;
        }
    }

    static Refusal cannotRun(String portal) {
        return new Refusal("55000", "portal \"" + portal + "\" cannot be run");
    }

    private void forward(long most, Scatter.Hand hand, Wanted wanted, long room, Outcome outcome) {
        boolean columns = wanted.describes() && !wanted.fetch().moves();
        Scatter open = scatter;
        if (open != null) {
            requireSame(open, wanted);
            session.current(open);
            open.hand(hand).fetch(most, columns, room, outcome);
            return;
        }
        formats = plain(wanted.formats());
        readBy = session.settings().readBy();
        source.merger().limit(room);
        long needed =
                source.grouped() || most > Integer.MAX_VALUE ? 0 : Math.clamp(most + source.offset(), 1, Scatter.PIECE);
        short[] all = formats.length > 1 ? Arrays.copyOf(formats, formats.length + source.hidden()) : formats;
        Scatter fresh = new Scatter(
                        port,
                        replier,
                        new Supply.OfCursor(leases.numbering(), source.server(), (int) needed, all, columns),
                        leases,
                        source.merger(),
                        new Scatter.Fetch(most, false, (int) needed),
                        outcome)
                .hand(hand);
        scatter = fresh;
        session.current(fresh);
        fresh.start(source.links());
    }

    /** Of all that say the same the shortest. */
    private static short[] plain(short[] given) {
        for (short format : given) {
            if (format != given[0]) {
                return given;
            }
        }
        return given.length == 0 || given[0] == 0 ? new short[0] : new short[] {given[0]};
    }

    /** Rows that wait are in the format of the first FETCH, and as the settings then wanted them. */
    private void requireSame(Scatter open, Wanted wanted) {
        if (!wanted.fetch().moves() && !Arrays.equals(formats, plain(wanted.formats()))) {
            throw new PandoException(PandoError.CROSS_SHARD_SHAPE, "FETCH in another format than before");
        }
        if (open.heldBytes() > 0 && !readBy.equals(session.settings().readBy())) {
            throw new PandoException(PandoError.CROSS_SHARD_SHAPE, "FETCH after a SET that changes how values look");
        }
    }

    /** Executed by the protocol under its own name: then rows are text. */
    @Override
    public void fetch(int maxRows, long room, Outcome outcome) {
        long most = maxRows <= 0 ? Fetch.ALL : maxRows;
        Fetch all = new Fetch(source.name(), Fetch.Direction.FORWARD, most, false);
        forward(most, new Executed(), new Wanted(all, new short[0], null, false), room, outcome);
    }

    @Override
    public long heldBytes() {
        return scatter == null ? 0 : scatter.heldBytes();
    }

    @Override
    public boolean failed() {
        return refused || (scatter != null && scatter.failed());
    }

    @Override
    public void close() {
        source.links().stream().filter(link -> !link.lost()).forEach(link -> {
            ByteBuf request = port.allocator().buffer(64);
            link.unnamed(null);
            Requests.own(request, "CLOSE " + source.server());
            Requests.bare(request, 'S');
            link.exchange(request, new Unheard());
        });
        abandon();
    }

    @Override
    public void abandon() {
        source.merger().close();
        if (scatter != null) {
            scatter.abandon();
        }
    }
}
