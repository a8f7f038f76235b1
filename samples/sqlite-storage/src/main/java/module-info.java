/** Keeps Thalweg's logs in a SQLite database; chosen by {@code storage=sqlite}. */
module com.example.sqlite {
    requires transitive io.thalweg.spi;
    requires java.sql;

    exports com.example.sqlite;

    provides io.thalweg.spi.storage.StorageProvider with
            com.example.sqlite.SqliteStorage;
}
