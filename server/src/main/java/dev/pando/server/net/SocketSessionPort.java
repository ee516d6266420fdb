package dev.pando.server.net;

import dev.pando.base.error.PandoException;
import dev.pando.core.pool.Pool;
import dev.pando.core.session.ServerLink;
import dev.pando.core.session.SessionPort;
import dev.pando.core.topology.ShardId;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;

/** A session's port to real sockets. Owned by the client's event loop; answers of other threads come back through it. */
final class SocketSessionPort implements SessionPort {
    private final Endpoint endpoint;
    private final ClientConnection client;
    private final LoopServers servers;
    private final String user;
    private final String password;

    SocketSessionPort(
            Endpoint endpoint, ClientConnection client, LoopServers servers, String user, String password) {
        this.endpoint = endpoint;
        this.client = client;
        this.servers = servers;
        this.user = user;
        this.password = password;
    }

    @Override
    public ByteBufAllocator allocator() {
        return client.channel().alloc();
    }

    @Override
    public void toClient(ByteBuf messages) {
        client.write(messages);
    }

    @Override
    public void flushClient() {
        client.flushClient();
    }

    @Override
    public boolean clientWritable() {
        return client.writable();
    }

    @Override
    public void readClient(boolean on) {
        client.reading(on);
    }

    @Override
    public void closeClient() {
        client.close();
    }

    @Override
    public Lease lease(ShardId shard, Consumer<ServerLink> granted, Consumer<PandoException> refused) {
        Pool<ServerConnection> pool = servers.pool(shard, user, password);
        long since = System.nanoTime();
        Pool.Request<ServerConnection> request = pool.acquire(
                new Pool.Waiter<>() {
                    @Override
                    public void granted(ServerConnection connection) {
                        connection.leasedTo(client);
                        servers.traffic(shard).leased(System.nanoTime() - since);
                        granted.accept(connection.link());
                        client.flushClient();
                    }

                    @Override
                    public void refused(PandoException reason) {
                        refused.accept(reason);
                        client.flushClient();
                    }
                },
                since);
        return () -> pool.cancel(request);
    }

    @Override
    public void release(ServerLink link, boolean reusable) {
        servers.release(servers.connectionOf(link), reusable);
    }

    @Override
    public ShardId anyShard() {
        return servers.anyShard();
    }

    @Override
    public int shardCount() {
        return endpoint.topology().size();
    }

    @Override
    public String shardName(ShardId shard) {
        return endpoint.topology().shard(shard).name();
    }
}
