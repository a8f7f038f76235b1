package io.thalweg.cli;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code KEY=VALUE}. */
final class SettingOption implements ITypeConverter<Map.Entry<String, String>> {

    @Override
    public Map.Entry<String, String> convert(String text) {
        var equals = text.indexOf('=');
        if (equals < 1) {
            throw new TypeConversionException("setting " + text + ": expected KEY=VALUE");
        }
        return Map.entry(text.substring(0, equals), text.substring(equals + 1));
    }

    /** By key, the last one of a key counting. */
    static Map<String, String> byKey(Collection<Map.Entry<String, String>> settings) {
        var byKey = new LinkedHashMap<String, String>();
        settings.forEach(setting -> byKey.put(setting.getKey(), setting.getValue()));
        return byKey;
    }
}
