-- All that the schema consists of; SQLite's own tables of statistics do no harm.
SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\_stat%' ESCAPE '\'
