package io.thalweg.broker.request;

/**
 * What a caller may do, one bit per operation, as some answers tell who asks for it (KIP-430). Everyone may do everything until there are
 * access rules.
 */
final class AuthorizedOperations {

    /** The answer to who does not ask. */
    static final int NOT_ASKED = Integer.MIN_VALUE;

    private static final int READ = 3;
    private static final int WRITE = 4;
    private static final int CREATE = 5;
    private static final int DELETE = 6;
    private static final int ALTER = 7;
    private static final int DESCRIBE = 8;
    private static final int CLUSTER_ACTION = 9;
    private static final int DESCRIBE_CONFIGS = 10;
    private static final int ALTER_CONFIGS = 11;
    private static final int IDEMPOTENT_WRITE = 12;

    /** All that can be done with a topic. */
    static final int TOPIC = bits(READ, WRITE, CREATE, DELETE, ALTER, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS);

    /** All that can be done with a cluster. */
    static final int CLUSTER =
            bits(CREATE, ALTER, DESCRIBE, CLUSTER_ACTION, DESCRIBE_CONFIGS, ALTER_CONFIGS, IDEMPOTENT_WRITE);

    /** All that can be done with a group. */
    static final int GROUP = bits(READ, DELETE, DESCRIBE, DESCRIBE_CONFIGS, ALTER_CONFIGS);

    private AuthorizedOperations() {}

    private static int bits(int... operations) {
        var bits = 0;
        for (var operation : operations) {
            bits |= 1 << operation;
        }
        return bits;
    }
}
