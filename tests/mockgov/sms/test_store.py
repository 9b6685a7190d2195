"""One contract, kept by the plain twin and by SQL on SQLite (memory, file) and PostgreSQL."""

from datetime import UTC, datetime

import pytest

from mockgov.database import Database
from mockgov.sms.rules import Message
from mockgov.sms.store import InMemoryMessages, MessageStore, SqlMessages
from mockgov.vocabulary.phone import Phone

MONDAY = datetime(2021, 10, 4, 5, 0, 0, 1, tzinfo=UTC)
MINE, YOURS = Phone("5991234567"), Phone("5997654321")


class StoreContract:
    """What every store promises."""

    def test_messages_come_back_as_they_were(self, store: MessageStore) -> None:
        """Numbered from 1 on, every field to the microsecond, newest first."""
        assert store.inbox(None) == []
        first = store.put(MONDAY, "2023", MINE, "Hayat Eve Sığar 🏢\n")
        second = store.put(MONDAY, "2023", YOURS, "")
        assert first == Message(number=1, sent_at=MONDAY, sender="2023", phone=MINE, text="Hayat Eve Sığar 🏢\n")
        assert store.inbox(None) == [second, first]
        assert store.inbox(MINE) == [first]

    def test_limit(self, store: MessageStore) -> None:
        """At most so many, the newest."""
        for nth in range(5):
            store.put(MONDAY, "2023", YOURS if nth == 4 else MINE, str(nth))
        assert [message.text for message in store.inbox(MINE, limit=2)] == ["3", "2"]
        assert [message.text for message in store.inbox(None, limit=2)] == ["4", "3"]


class TestInMemory(StoreContract):
    @pytest.fixture
    def store(self) -> MessageStore:
        return InMemoryMessages()


class TestSql(StoreContract):
    @pytest.fixture
    def store(self, database: Database) -> MessageStore:
        return SqlMessages(database)

    def test_survives_a_new_store(self, database: Database, store: MessageStore) -> None:
        """What one store has kept another on the same database finds."""
        message = store.put(MONDAY, "2023", MINE, "x")
        assert SqlMessages(database).inbox(MINE) == [message]
