package dev.pando.bench;

/** How statements are sent. */
enum Protocol {
    /** One Query message per statement, its values in its text. */
    SIMPLE,
    /** Parse of the unnamed statement, Bind, Describe, Execute, Sync. */
    EXTENDED,
    /** The same without Parse, for statements prepared once per connection under a name. */
    PREPARED,
    /** As extended, several statements before one Sync. */
    PIPELINED
}
