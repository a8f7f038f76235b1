package com.example.orders;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.kafka.core.KafkaTemplate;

/** Takes orders and keeps the book of them; both talk through a broker of their own. */
public final class OrdersApplication implements AutoCloseable {

    private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

    private OrdersApplication() {}

    /** Starts the application, whose broker keeps its logs in this directory. */
    public static OrdersApplication start(Path directory) {
        var application = new OrdersApplication();
        application.context.registerBean("directory", Path.class, () -> directory);
        application.context.register(OrdersConfiguration.class);
        application.context.refresh();
        return application;
    }

    /** Orders for a customer; returns once the order is on disk. */
    public void order(String customer, int pieces) {
        @SuppressWarnings("unchecked") // The one template there is.
        KafkaTemplate<String, String> template = context.getBean(KafkaTemplate.class);
        template.send(OrdersConfiguration.TOPIC, customer, String.valueOf(pieces))
                .join();
    }

    /** The pieces that each customer has ordered, as far as the book is kept. */
    public Map<String, Integer> book() {
        return context.getBean(OrderBook.class).orders();
    }

    @Override
    public void close() {
        context.close();
    }

    /** Keeps the logs in the directory that is named first. */
    public static void main(String[] args) throws IOException {
        try (var application = start(Path.of(args[0]))) {
            application.order("ada", 2);
            application.order("bob", 1);
            application.order("ada", 3);
            System.out.println("Three orders are on their way. Press Enter to see the book.");
            var unused = System.in.read();
            System.out.println(application.book());
        }
    }
}
