package io.thalweg.broker.purgatory;

import static org.assertj.core.api.Assertions.assertThat;

import io.thalweg.spi.runtime.EventLoop;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

final class WatchesTest {

    private final ArrayList<Runnable> handedOver = new ArrayList<>();
    private final EventLoop loop = new EventLoop() {
        @Override
        public boolean isCurrent() {
            return true;
        }

        @Override
        public void execute(Runnable task) {
            handedOver.add(task);
        }
    };

    @Test
    void cancelledWatchesDoNotPileUp() {
        var watches = new Watches();
        for (var i = 0; i < 10_000; i++) {
            var watch = new Watch(loop, () -> {});
            watches.add(watch);
            watch.cancel();
        }

        assertThat(watches.size()).isLessThan(100);
    }

    @Test
    void aWatchLeftWithManyFiresOnce() {
        var first = new Watches();
        var second = new Watches();
        var outbox = new Outbox();
        var fired = new ArrayList<String>();
        var watch = new Watch(loop, () -> fired.add("fired"));
        first.add(watch);
        second.add(watch);

        first.fireAll(outbox);
        second.fireAll(outbox);
        outbox.flush();
        handedOver.forEach(Runnable::run);

        assertThat(fired).containsExactly("fired");
    }

    @Test
    void outboxWakesALoopOnceATurn() {
        var outbox = new Outbox();
        var ran = new ArrayList<Integer>();
        for (var i = 0; i < 5; i++) {
            var number = i;
            outbox.add(loop, () -> ran.add(number));
        }

        outbox.flush();
        outbox.flush();

        assertThat(handedOver).hasSize(1);
        handedOver.get(0).run();
        assertThat(ran).containsExactly(0, 1, 2, 3, 4);
    }
}
