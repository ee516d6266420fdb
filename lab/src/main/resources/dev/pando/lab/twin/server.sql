SELECT current_setting('server_version'), d.datname, pg_encoding_to_char(d.encoding), d.datlocprovider::text, d.datcollate, d.datctype,
  d.daticulocale, -- < 17
  d.datlocale, -- >= 17
  d.daticurules, -- >= 16
  NULL, -- < 16
  current_setting('block_size')::int, current_user::text
FROM pg_database d WHERE d.datname = current_database()
