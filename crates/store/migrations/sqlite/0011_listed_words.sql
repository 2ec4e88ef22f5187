-- What is written lists its words itself, in one statement a batch: with a trigger every statement had each list written
-- anew, and kept a copy of every page it changed. What is deleted is struck by the triggers as before.
DROP TRIGGER names_words_insert;
DROP TRIGGER traffic_words_insert;
DROP TRIGGER threats_words_insert;
