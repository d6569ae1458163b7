// Generated from runs.sql by "pnpm generate": change that file, not this one.

/** Holds the statements of runs.sql by name. */
export const runsSql = {
  /** Returns a run that is there. */
  find: `SELECT id, incarnation, status, current_step AS currentStep, outcome, fence, version, openings,
       created_at AS createdAt, updated_at AS updatedAt, expires_at AS expiresAt
  FROM run
 WHERE namespace = :namespace AND name = :name AND expires_at > :now;`,
  /** Returns the steps of a run in the order in which they were recorded. */
  steps: `SELECT name, text FROM step WHERE run = :run ORDER BY place;`,
  /** Deletes what is there under an id. */
  discard: `DELETE FROM run WHERE namespace = :namespace AND name = :name;`,
  /** Adds a run where there is none. */
  add: `INSERT INTO run (namespace, name, incarnation, status, fence, version, openings, created_at, updated_at, expires_at)
VALUES (:namespace, :name, :incarnation, 'running', 0, 0, 0, :now, :now, :now)
RETURNING id;`,
  /** Notes the fence of the opening that may record. */
  setFence: `UPDATE run SET fence = :fence WHERE id = :run;`,
  /** Counts an opening. */
  open: `UPDATE run SET openings = openings + 1 WHERE id = :run;`,
  /** Records a step, unless it is recorded already. */
  addStep: `INSERT INTO step (run, place, name, text)
VALUES (:run, (SELECT coalesce(max(place), 0) + 1 FROM step WHERE run = :run), :name, :text)
    ON CONFLICT DO NOTHING
RETURNING place;`,
  /** Notes which step was recorded last. */
  setStep: `UPDATE run SET current_step = :name WHERE id = :run;`,
  /** Notes how far a run is, and what it leaves behind. */
  setStatus: `UPDATE run SET status = :status, outcome = :outcome WHERE id = :run;`,
  /** Counts a change, and returns the version. */
  touch: `UPDATE run SET version = version + 1, updated_at = :now, expires_at = :expiresAt WHERE id = :run RETURNING version;`,
  /** Returns the ids of a range, in order. */
  page: `SELECT name AS key
  FROM run
 WHERE namespace = :namespace AND name >= :start AND name < :end AND expires_at > :now
 ORDER BY name
 LIMIT :limit;`,
  /** Returns the ids of a range that have a status, in order. */
  pageOfStatus: `SELECT name AS key
  FROM run
 WHERE namespace = :namespace AND status = :status AND name >= :start AND name < :end AND expires_at > :now
 ORDER BY name
 LIMIT :limit;`,
} as const;
