package io.thalweg.broker.config;

/** What a setting is a setting of. */
public enum ConfigScope {
    /** One broker. */
    BROKER("broker"),
    /** All brokers that have no setting of their own. */
    CLUSTER("all brokers"),
    TOPIC("topic"),
    GROUP("group"),
    CLIENT_METRICS("client metrics");

    private final String title;

    ConfigScope(String title) {
        this.title = title;
    }

    /** How messages name it. */
    public String title() {
        return title;
    }
}
