-- Nullable: pods of the release before, still serving, insert products without it.
ALTER TABLE products ADD COLUMN weight_grams integer;
