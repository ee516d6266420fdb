package dev.pando.conformance;

import java.util.List;

/** One case of a script: what clients send and where they wait. */
record Exchange(String topic, String name, List<Step> steps) {
    String title() {
        return topic + " / " + name;
    }
}
