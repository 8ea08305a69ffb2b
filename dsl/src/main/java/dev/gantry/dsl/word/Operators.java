package dev.gantry.dsl.word;

import java.util.Map;

/** Groovy's operators by the methods that stand for them. */
public final class Operators {
    private static final Map<String, String> SYMBOLS = Map.ofEntries(
            Map.entry("plus", "+"),
            Map.entry("minus", "-"),
            Map.entry("multiply", "*"),
            Map.entry("div", "/"),
            Map.entry("remainder", "%"),
            Map.entry("mod", "%"),
            Map.entry("power", "**"),
            Map.entry("or", "|"),
            Map.entry("and", "&"),
            Map.entry("xor", "^"),
            Map.entry("implies", "==>"),
            Map.entry("leftShift", "<<"),
            Map.entry("rightShift", ">>"),
            Map.entry("rightShiftUnsigned", ">>>"),
            Map.entry("compareTo", "<=>"),
            Map.entry("isCase", "in"),
            Map.entry("next", "++"),
            Map.entry("previous", "--"),
            Map.entry("negative", "-"),
            Map.entry("positive", "+"),
            Map.entry("bitwiseNegate", "~"),
            Map.entry("getAt", "[ ]"),
            Map.entry("putAt", "[ ] ="));

    private Operators() {}

    /** Returns whether a method stands for an operator. */
    public static boolean isOne(String method) {
        return SYMBOLS.containsKey(method);
    }

    /** Returns the operator that a method stands for; the method itself if it stands for none. */
    public static String symbol(String method) {
        return SYMBOLS.getOrDefault(method, method);
    }
}
