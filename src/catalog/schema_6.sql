-- Version 6 of the catalog. Of each data file the CRC32C of every 64 KiB, as little-endian numbers
-- of 32 bits; null for files of an earlier program.

ALTER TABLE data_files ADD COLUMN crc32c BLOB;
