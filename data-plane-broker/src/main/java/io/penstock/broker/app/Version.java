package io.penstock.broker.app;

/** The version of what runs. */
final class Version {

    private static final String UNPACKAGED = "development";

    private Version() {}

    /** As the jar's manifest says; "development" when the classes come from no jar. */
    static String ofThisBuild() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? UNPACKAGED : version;
    }
}
