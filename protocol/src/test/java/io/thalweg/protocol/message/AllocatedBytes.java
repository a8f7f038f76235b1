package io.thalweg.protocol.message;

import java.lang.reflect.Method;

/**
 * How many bytes this thread has allocated, as the virtual machine counts them. By reflection, because the module under
 * test does not read the one with the management beans.
 */
final class AllocatedBytes {

    private final Object threads;
    private final Method count;

    AllocatedBytes() {
        try {
            threads = Class.forName("java.lang.management.ManagementFactory")
                    .getMethod("getThreadMXBean")
                    .invoke(null);
            count = Class.forName("com.sun.management.ThreadMXBean").getMethod("getThreadAllocatedBytes", long.class);
        } catch (ReflectiveOperationException missing) {
            throw new IllegalStateException(missing);
        }
    }

    long now() {
        try {
            return (long) count.invoke(threads, Thread.currentThread().getId());
        } catch (ReflectiveOperationException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
