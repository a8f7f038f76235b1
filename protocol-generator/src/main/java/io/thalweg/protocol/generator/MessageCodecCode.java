package io.thalweg.protocol.generator;

import java.util.List;

/** Writes the class that decodes the request or response of whichever API is asked for. */
final class MessageCodecCode {

    private MessageCodecCode() {}

    /** The text of the file. */
    static String of(List<Api> apis, String targetPackage) {
        JavaSource out = new JavaSource();
        out.line("// Generated from the schema files; edit them instead.");
        out.line("package " + targetPackage + ";").line("");
        for (String name : List.of("ApiKey", "MessageReader", "RequestMessage", "ResponseMessage")) {
            out.line("import " + RecordCode.RUNTIME + "." + name + ";");
        }
        out.line("").line("/** Decodes the messages of any API. */");
        out.open("public final class MessageCodec");
        out.line("").line("private MessageCodec() {}");
        method(out, "Request", apis);
        method(out, "Response", apis);
        return out.close().toString();
    }

    private static void method(JavaSource out, String kind, List<Api> apis) {
        String name = kind.equals("Request") ? "request" : "response";
        out.line("").line("/** Decodes a " + name + " in this version, which the API must have. */");
        out.open("public static " + kind + "Message read" + kind + "(ApiKey key, MessageReader in, short version)");
        out.open("return switch (key)");
        for (Api api : apis) {
            out.line("case " + api.constantName() + " -> " + api.name() + kind + ".read(in, version);");
        }
        out.closeExpression().close();
    }
}
