-- find: Returns a run that is there.
SELECT id, incarnation, status, current_step AS currentStep, outcome, fence, version, openings,
       created_at AS createdAt, updated_at AS updatedAt, expires_at AS expiresAt
  FROM run
 WHERE namespace = :namespace AND name = :name AND expires_at > :now;

-- steps: Returns the steps of a run in the order in which they were recorded.
SELECT name, text FROM step WHERE run = :run ORDER BY place;

-- discard: Deletes what is there under an id.
DELETE FROM run WHERE namespace = :namespace AND name = :name;

-- add: Adds a run where there is none.
INSERT INTO run (namespace, name, incarnation, status, fence, version, openings, created_at, updated_at, expires_at)
VALUES (:namespace, :name, :incarnation, 'running', 0, 0, 0, :now, :now, :now)
RETURNING id;

-- setFence: Notes the fence of the opening that may record.
UPDATE run SET fence = :fence WHERE id = :run;

-- open: Counts an opening.
UPDATE run SET openings = openings + 1 WHERE id = :run;

-- addStep: Records a step, unless it is recorded already.
INSERT INTO step (run, place, name, text)
VALUES (:run, (SELECT coalesce(max(place), 0) + 1 FROM step WHERE run = :run), :name, :text)
    ON CONFLICT DO NOTHING
RETURNING place;

-- setStep: Notes which step was recorded last.
UPDATE run SET current_step = :name WHERE id = :run;

-- setStatus: Notes how far a run is, and what it leaves behind.
UPDATE run SET status = :status, outcome = :outcome WHERE id = :run;

-- touch: Counts a change, and returns the version.
UPDATE run SET version = version + 1, updated_at = :now, expires_at = :expiresAt WHERE id = :run RETURNING version;

-- page: Returns the ids of a range, in order.
SELECT name AS key
  FROM run
 WHERE namespace = :namespace AND name >= :start AND name < :end AND expires_at > :now
 ORDER BY name
 LIMIT :limit;

-- pageOfStatus: Returns the ids of a range that have a status, in order.
SELECT name AS key
  FROM run
 WHERE namespace = :namespace AND status = :status AND name >= :start AND name < :end AND expires_at > :now
 ORDER BY name
 LIMIT :limit;
