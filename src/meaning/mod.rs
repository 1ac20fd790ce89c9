//! What the symbols of the world mean: packages, bots, languages. Knowledge is data (`rules/vocabulary/`).
