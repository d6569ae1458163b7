-- find: Returns what an operation has answered.
SELECT answer FROM operation WHERE namespace = :namespace AND subject = :subject AND id = :id;

-- add: Remembers an answer.
INSERT INTO operation (namespace, subject, id, answer, answered_at) VALUES (:namespace, :subject, :id, :answer, :now);
