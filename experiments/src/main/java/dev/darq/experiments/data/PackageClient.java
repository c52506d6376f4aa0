package dev.darq.experiments.data;

/** The package manager's client that brings a data set. */
public enum PackageClient {
    /** npm, which comes with Node.js. */
    NPM("npm package", new NpmPack()),
    /** apt-get and dpkg-deb of Debian and its kin. */
    APT("Debian package", new AptDownload());

    private final String what;
    private final PackageFetcher fetcher;

    PackageClient(String what, PackageFetcher fetcher) {
        this.what = what;
        this.fetcher = fetcher;
    }

    /** What it brings, for people. */
    String what() {
        return what;
    }

    PackageFetcher fetcher() {
        return fetcher;
    }
}
