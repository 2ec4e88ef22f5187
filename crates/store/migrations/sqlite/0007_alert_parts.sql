-- Which kinds of attack an alert holds, and which alert took it over.
ALTER TABLE alerts ADD COLUMN classes TEXT NOT NULL DEFAULT '';
ALTER TABLE alerts ADD COLUMN part_of INTEGER;
