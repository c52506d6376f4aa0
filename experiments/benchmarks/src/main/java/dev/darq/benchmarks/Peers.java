package dev.darq.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/** The libraries that this module brings. */
final class Peers {
    private Peers() {}

    /** The version of each library that this build is made with. */
    static Map<String, String> versions() throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Objects.requireNonNull(Peers.class.getResourceAsStream("peers.properties"))) {
            properties.load(in);
        }
        Map<String, String> versions = new TreeMap<>();
        properties.forEach((name, version) -> versions.put(name.toString(), version.toString()));
        return versions;
    }
}
