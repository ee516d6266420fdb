package dev.pando.lab.twin;

import dev.pando.lab.twin.ExtendedBytes.Item;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Extended statistics as PostgreSQL 15 to 18 show them: <code>{"1, 2": 400}</code>, <code>{"1, 2 => 3": 0.95}</code>. */
final class ExtendedText {
    private static final Pattern ITEM = Pattern.compile("\"([-\\d, ]+)(?: => (-?\\d+))?\": ([-\\d.e+]+)");

    private ExtendedText() {}

    static List<Item> read(String text) {
        List<Item> items = new ArrayList<>();
        Matcher matcher = ITEM.matcher(text);
        while (matcher.find()) {
            List<Integer> attributes = new ArrayList<>();
            Arrays.stream(matcher.group(1).split(", ")).map(Integer::valueOf).forEach(attributes::add);
            if (matcher.group(2) != null) {
                attributes.add(Integer.valueOf(matcher.group(2)));
            }
            items.add(new Item(attributes, Double.parseDouble(matcher.group(3))));
        }
        return items;
    }
}
