"""The cast: ten people and two shops, in three currencies."""

from __future__ import annotations

from typing import Final

from payflow.dev.seed.world import Person

MIA: Final = Person("mia_torres", "Mia Torres", ("USD", "EUR"))
SAM: Final = Person("sam_okafor", "Sam Okafor", ("USD",))
PRIYA: Final = Person("priya_raman", "Priya Raman", ("USD",))
BEN: Final = Person("ben_carter", "Ben Carter", ("USD", "JPY"))
NORA: Final = Person("nora_haugen", "Nora Haugen", ("USD",))
JONAS: Final = Person("jonas_weber", "Jonas Weber", ("EUR", "USD"))
LENA: Final = Person("lena_novak", "Lena Novák", ("EUR",))
CLARA: Final = Person("clara_rossi", "Clara Rossi", ("EUR",))
TOM: Final = Person("tom_bakker", "Tom Bakker", ("EUR",))
AIKO: Final = Person("aiko_tanaka", "Aiko Tanaka", ("JPY",))
BAKERY: Final = Person("corner_bakery", "Corner Bakery", ("USD",))
BOOKS: Final = Person("bluebird_books", "Bluebird Books", ("USD",))

PEOPLE: Final = (MIA, SAM, PRIYA, BEN, NORA, JONAS, LENA, CLARA, TOM, AIKO, BAKERY, BOOKS)
HOUSEMATES: Final = (MIA, SAM, PRIYA, BEN)
TRAVELLERS: Final = (JONAS, LENA, CLARA, TOM)
EARNERS: Final = (*HOUSEMATES, NORA, *TRAVELLERS, AIKO)
