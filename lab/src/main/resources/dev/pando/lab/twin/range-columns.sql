-- What pg_stats shows of ranges from 17 on: lengths, the share of empty ones, and bounds.
SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname), a.attname::text, s.stainherit,
  CASE 6 WHEN s.stakind1 THEN s.stavalues1::text WHEN s.stakind2 THEN s.stavalues2::text WHEN s.stakind3 THEN s.stavalues3::text WHEN s.stakind4 THEN s.stavalues4::text ELSE s.stavalues5::text END,
  CASE 6 WHEN s.stakind1 THEN s.stanumbers1[1] WHEN s.stakind2 THEN s.stanumbers2[1] WHEN s.stakind3 THEN s.stanumbers3[1] WHEN s.stakind4 THEN s.stanumbers4[1] ELSE s.stanumbers5[1] END,
  CASE 7 WHEN s.stakind1 THEN s.stavalues1::text WHEN s.stakind2 THEN s.stavalues2::text WHEN s.stakind3 THEN s.stavalues3::text WHEN s.stakind4 THEN s.stavalues4::text
    WHEN s.stakind5 THEN s.stavalues5::text END
FROM pg_statistic s JOIN pg_class c ON c.oid = s.starelid JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = s.staattnum
WHERE 6 IN (s.stakind1, s.stakind2, s.stakind3, s.stakind4, s.stakind5) AND {schema c.relnamespace}
