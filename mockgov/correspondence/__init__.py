"""What the ministry writes to the institutions on the onboarding road, and what becomes of what they write.

The services know nothing of one another; this is where a step of an application becomes an account, an e-mail, a text
message or a registered letter, and where a letter or a notice that arrives becomes a step of an application. The
reactions stand in `mockgov.ministry`'s table; the words are onboarding's.

Every mail and text message carries a reference, such as `onboarding/7/password/1`, by which its fate (delivered,
bounced, undeliverable) finds back to the application; the ministry's confirming letter names it in its Message-ID.

Nothing here refuses what has happened: where the ministry cannot write (a closed mailbox, an address that scripts
nothing), the application's history says so and the world goes on.

`desk` has the reactions, `accounts` opens and closes what is written about, `references` are what finds back; `answers`
tells onboarding what it asks about the rest of the world.
"""

from mockgov.correspondence.answers import Answers
from mockgov.correspondence.desk import Correspondence, Services, official_number

__all__ = ["Answers", "Correspondence", "Services", "official_number"]
