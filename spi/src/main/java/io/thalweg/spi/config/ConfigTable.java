package io.thalweg.spi.config;

import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes settings as a Markdown table: the documentation of the broker and of plug-ins is made of these. */
public final class ConfigTable {

    private static final String HEADER = "| setting | type | default | what it does |\n| --- | --- | --- | --- |\n";

    private ConfigTable() {}

    /** One row for each key that is not internal, in the order given. */
    public static String markdown(Collection<? extends ConfigKey<?>> keys) {
        return keys.stream()
                .filter(key -> !key.isInternal())
                .map(ConfigTable::row)
                .collect(Collectors.joining("", HEADER, ""));
    }

    private static String row(ConfigKey<?> key) {
        return String.join(" | ", "| `" + key.name() + "`", type(key), defaultText(key), sentences(key) + " |\n");
    }

    private static String type(ConfigKey<?> key) {
        var name = key.type().name().toLowerCase(Locale.ROOT);
        return key.isDynamic() ? name + ", changeable" : name;
    }

    private static String defaultText(ConfigKey<?> key) {
        var text = key.defaultText();
        if (text == null) {
            return "unset";
        }
        return text.isEmpty() ? "empty" : "`" + escaped(text) + "`";
    }

    private static String sentences(ConfigKey<?> key) {
        var allowed = key.allowedText().isEmpty() ? "" : " Allowed: " + key.allowedText() + ".";
        return escaped(key.documentation() + allowed);
    }

    private static String escaped(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
