-- The versions of a store in the order in which they were made, without a sort of all for each page.

CREATE INDEX versions_of_store ON versions (store_id);
