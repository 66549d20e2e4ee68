"""SQLite and PostgreSQL as one thing: transactions that are durable when they end, and one kind of error."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from clops_app.ports import QueueError

# Waiting for a lock or an answer ends before a lease of 15 s does, and before GitHub's 10 s (contracts B.5-2).
PATIENCE_S = 4
# Any number that nobody else's advisory lock in this database has; it spells "clops".
_LOCK = 0x636C6F7073

_TABLES = (
    """CREATE TABLE IF NOT EXISTS clops_jobs (
      id {identity}, delivery TEXT NOT NULL UNIQUE, subject TEXT NOT NULL, kind TEXT NOT NULL, job TEXT NOT NULL,
      state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0, postponed_s {real} NOT NULL DEFAULT 0,
      not_before {real} NOT NULL DEFAULT 0, put_at {real} NOT NULL, begun_at {real}, ended_at {real}, worker TEXT, log_id TEXT)""",
    "CREATE INDEX IF NOT EXISTS clops_jobs_subject ON clops_jobs (subject, state, kind, id)",
    "CREATE INDEX IF NOT EXISTS clops_jobs_waiting ON clops_jobs (id) WHERE state = 'waiting'",
    "CREATE INDEX IF NOT EXISTS clops_jobs_running ON clops_jobs (worker) WHERE state = 'running'",
    "CREATE INDEX IF NOT EXISTS clops_jobs_ended ON clops_jobs (ended_at)",
    "CREATE TABLE IF NOT EXISTS clops_workers (worker TEXT PRIMARY KEY, until {real} NOT NULL)",
)

Row = Sequence[Any]


class Gone(QueueError):
    """The database was not reached, or went away; asking again may help."""


class Transaction(Protocol):
    """Statements with `?` for values and `CLOCK` for the database's own time, in seconds since 1970."""

    def rows(self, statement: str, *values: object) -> list[Row]: ...

    def count(self, statement: str, *values: object) -> int:
        """How many rows were written."""


class Database(Protocol):
    """One connection, made when first used and again when it is lost; used by one thread at a time, others wait."""

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Iterator[Transaction]:
        """Durable when left without an exception, else undone. `alone`: it writes, and no other such transaction does meanwhile.
        Raises QueueError.
        """

    def write(self, statement: str, *values: object) -> list[Row]:
        """A transaction of one statement that writes, in one trip to the database; the rows that it returns. Raises QueueError."""

    def close(self) -> None: ...


def databases(url: str, number: int) -> list[Database]:
    """So many connections to `postgresql://…`, or else to the SQLite file at this path (`sqlite:///path` means the same)."""
    if is_postgres(url):
        return [Postgres(url) for _ in range(number)]
    writer = threading.Lock()
    return [Sqlite(sqlite_path(url), writer) for _ in range(number)]


def is_postgres(url: str) -> bool:
    return url.startswith(("postgresql://", "postgres://"))


def sqlite_path(url: str) -> str:
    return os.path.abspath(url.removeprefix("sqlite:///"))


@dataclass(slots=True)
class Sqlite:
    """A file in WAL mode. Every commit is synced (synchronous=FULL), so a power cut loses nothing that was put.

    `writer` is shared by this process's connections: SQLite's own waiting for a lock sleeps up to 100 ms between looks.
    """

    path: str
    writer: threading.Lock
    _connection: sqlite3.Connection | None = None
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Iterator[Transaction]:
        with self._mutex:
            if alone:
                with self.writer, self._begun("BEGIN IMMEDIATE") as connection:
                    yield _SqliteTransaction(connection)
            else:
                with self._begun("BEGIN") as connection:
                    yield _SqliteTransaction(connection)

    def write(self, statement: str, *values: object) -> list[Row]:
        with self.transaction(alone=True) as tx:
            return tx.rows(statement, *values)

    @contextmanager
    def _begun(self, begin: str) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._connection = self._connection or self._connect()
            connection.execute(begin)
            try:
                yield connection
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            self._drop()
            kind = Gone if error.args and "locked" in str(error.args[0]) else QueueError
            raise kind(f"The queue's database {os.path.basename(self.path)} cannot be used: {error}.") from error
        except OSError as error:
            raise QueueError(f"The queue's database {os.path.basename(self.path)} cannot be used: {error.strerror}.") from error

    def _connect(self) -> sqlite3.Connection:
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        is_new = not os.path.exists(self.path)
        connection = sqlite3.connect(self.path, timeout=PATIENCE_S, isolation_level=None, check_same_thread=False)
        try:
            if is_new:
                # The words of people are inside: for our own eyes. SQLite gives the files beside it the same mode. Never open the
                # file here by ourselves: closing it would take away the locks of this process's other connections
                # (sqlite.org/howtocorrupt.html, 2.2), and whoever closes the file elsewhere deletes the log that they write to.
                os.chmod(self.path, 0o600)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("BEGIN IMMEDIATE")
            for statement in _TABLES:
                connection.execute(statement.format(identity="INTEGER PRIMARY KEY AUTOINCREMENT", real="REAL"))
            connection.execute("COMMIT")
        except (sqlite3.Error, OSError):
            connection.close()
            raise
        return connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def close(self) -> None:
        with self._mutex:
            self._drop()


@dataclass(frozen=True, slots=True)
class _SqliteTransaction:
    connection: sqlite3.Connection

    def rows(self, statement: str, *values: object) -> list[Row]:
        return self._executed(statement, values).fetchall()

    def count(self, statement: str, *values: object) -> int:
        return self._executed(statement, values).rowcount

    def _executed(self, statement: str, values: tuple[object, ...]) -> sqlite3.Cursor:
        clock = "((julianday('now') - 2440587.5) * 86400.0)"
        return self.connection.execute(statement.replace("CLOCK", clock), values)


@dataclass(slots=True)
class Postgres:
    """A database server. A connection that is cut, hangs or is left in a transaction ends by itself, on both sides."""

    url: str = field(repr=False)
    _connection: Any = None
    _mutex: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def transaction(self, *, alone: bool = False) -> Iterator[Transaction]:
        with self._connected() as connection, connection.transaction():
            if alone:
                connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            yield _PostgresTransaction(connection)

    def write(self, statement: str, *values: object) -> list[Row]:
        with self._connected() as connection:  # which commits each statement by itself
            return _PostgresTransaction(connection).rows(statement, *values)

    @contextmanager
    def _connected(self) -> Iterator[Any]:
        import psycopg

        with self._mutex:
            try:
                connection = self._connection = self._connection or self._connect()
                yield connection
            except psycopg.Error as error:
                self._drop()
                raise _translated(error) from error

    def _connect(self) -> Any:
        import psycopg

        milliseconds = PATIENCE_S * 1000
        connection = psycopg.connect(
            self.url,
            autocommit=True,
            connect_timeout=PATIENCE_S,
            tcp_user_timeout=milliseconds,
            keepalives_idle=PATIENCE_S,
            keepalives_interval=PATIENCE_S,
            keepalives_count=2,
            application_name="clops",
            prepare_threshold=None,  # prepared statements break behind a pooler that shares connections
        )
        try:
            # Set by statement, not at the start: poolers refuse options that they do not know.
            connection.execute(f"SET statement_timeout = {milliseconds}; SET idle_in_transaction_session_timeout = {milliseconds}")
            if connection.execute("SELECT to_regclass('clops_workers')").fetchone() == (None,):
                with connection.transaction():
                    connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
                    for statement in _TABLES:
                        connection.execute(
                            statement.format(identity="BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY", real="DOUBLE PRECISION")
                        )
        except psycopg.Error:
            connection.close()
            raise
        return connection

    def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    def close(self) -> None:
        with self._mutex:
            self._drop()


@dataclass(frozen=True, slots=True)
class _PostgresTransaction:
    connection: Any

    def rows(self, statement: str, *values: object) -> list[Row]:
        found: list[Row] = self._executed(statement, values).fetchall()
        return found

    def count(self, statement: str, *values: object) -> int:
        return int(self._executed(statement, values).rowcount)

    def _executed(self, statement: str, values: tuple[object, ...]) -> Any:
        clock = "extract(epoch FROM clock_timestamp())::float8"
        return self.connection.execute(statement.replace("CLOCK", clock).replace("?", "%s"), values)


def _translated(error: Any) -> QueueError:
    """Only what speaks of the connection is quoted: other messages may hold what was to be written."""
    import psycopg

    state = error.sqlstate or ""
    if isinstance(error, psycopg.OperationalError):
        # Class 53: insufficient resources, a full disk among them (PostgreSQL's manual, appendix A).
        kind = QueueError if state.startswith("53") else Gone
        return kind(f"The queue's database cannot be used: {str(error).partition(chr(10))[0]} {state}".rstrip())
    return QueueError(f"The queue's database refused: {type(error).__name__} {state}".rstrip())
