package io.thalweg.protocol.generator;

/** Writes the methods that read, measure and write a list of one struct. */
final class ListCode {

    private ListCode() {}

    static void write(StructCode code, JavaSource out) {
        String list = "List<" + code.name() + ">";
        out.open("private static @Nullable " + list + " readList(MessageReader in, short version, int count)");
        out.open("if (count <= 0)").line("return count < 0 ? null : List.of();").close();
        out.line(list + " list = new ArrayList<>(count);");
        out.open("for (int i = 0; i < count; i++)")
                .line("list.add(read(in, version));")
                .close();
        out.line("return Collections.unmodifiableList(list);");
        out.close();
        out.line("");
        out.open("private static int sizeOfList(boolean flexible, @Nullable " + list + " list, short version)");
        out.line("int size = WireSize.ofCount(flexible, list);");
        out.open("for (int i = 0; list != null && i < list.size(); i++)");
        out.line("size += list.get(i).sizeInBytes(version);");
        out.close();
        out.line("return size;");
        out.close();
        out.line("");
        out.open("private static void writeList(MessageWriter out, boolean flexible, @Nullable " + list
                + " list, short version)");
        out.line("out.writeCount(flexible, list);");
        out.open("for (int i = 0; list != null && i < list.size(); i++)");
        out.line("list.get(i).write(out, version);");
        out.close();
        out.close();
    }
}
