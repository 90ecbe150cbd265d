-- The first schema, as it was made. Frozen: a gradebook made then must open for ever.
CREATE TABLE history (
    key SERIAL NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    assignment TEXT NOT NULL,
    student TEXT NOT NULL,
    what TEXT NOT NULL,
    before TEXT NOT NULL,
    after TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (key)
);
CREATE INDEX history_of_student ON history (student);
CREATE TABLE schema_version (
    version INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (version)
);
CREATE TABLE students (
    key SERIAL NOT NULL,
    id TEXT NOT NULL,
    id_key TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    login TEXT NOT NULL,
    section TEXT NOT NULL,
    group_name TEXT NOT NULL,
    extension_days INTEGER NOT NULL,
    on_roster BOOLEAN NOT NULL,
    extra TEXT NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (id_key)
);
CREATE TABLE adjustments (
    key SERIAL NOT NULL,
    assignment TEXT NOT NULL,
    student INTEGER NOT NULL,
    points FLOAT NOT NULL,
    why TEXT NOT NULL,
    who TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (key),
    FOREIGN KEY(student) REFERENCES students (key)
);
CREATE INDEX ix_adjustments_student ON adjustments (student);
CREATE TABLE aliases (
    name_key TEXT NOT NULL,
    name TEXT NOT NULL,
    student INTEGER NOT NULL,
    why TEXT NOT NULL,
    who TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (name_key),
    FOREIGN KEY(student) REFERENCES students (key)
);
CREATE INDEX ix_aliases_student ON aliases (student);
CREATE TABLE attempts (
    key SERIAL NOT NULL,
    assignment TEXT NOT NULL,
    student INTEGER NOT NULL,
    handed_in_by TEXT NOT NULL,
    matched_by TEXT NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    sha256 TEXT NOT NULL,
    source TEXT NOT NULL,
    label TEXT NOT NULL,
    claimed TEXT,
    members TEXT NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (assignment, handed_in_by, sha256, received_at),
    FOREIGN KEY(student) REFERENCES students (key)
);
CREATE INDEX ix_attempts_student ON attempts (student);
CREATE TABLE extensions (
    key SERIAL NOT NULL,
    assignment TEXT NOT NULL,
    student INTEGER NOT NULL,
    days INTEGER NOT NULL,
    why TEXT NOT NULL,
    who TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (assignment, student),
    FOREIGN KEY(student) REFERENCES students (key)
);
CREATE INDEX ix_extensions_student ON extensions (student);
CREATE TABLE marks (
    key SERIAL NOT NULL,
    attempt INTEGER NOT NULL,
    question TEXT NOT NULL,
    points FLOAT NOT NULL,
    rubric TEXT NOT NULL,
    comment TEXT NOT NULL,
    who TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (attempt, question),
    FOREIGN KEY(attempt) REFERENCES attempts (key)
);
CREATE TABLE overrides (
    key SERIAL NOT NULL,
    attempt INTEGER NOT NULL,
    check_id TEXT NOT NULL,
    points FLOAT NOT NULL,
    why TEXT NOT NULL,
    who TEXT NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (attempt, check_id),
    FOREIGN KEY(attempt) REFERENCES attempts (key)
);
CREATE TABLE reports (
    key SERIAL NOT NULL,
    attempt INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    score FLOAT NOT NULL,
    max_score FLOAT NOT NULL,
    faults INTEGER NOT NULL,
    assignment_version TEXT NOT NULL,
    grader_version TEXT NOT NULL,
    isolation TEXT NOT NULL,
    seed TEXT,
    graded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    recorded_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (key),
    UNIQUE (attempt, sha256),
    FOREIGN KEY(attempt) REFERENCES attempts (key)
);
CREATE TABLE report_texts (
    report INTEGER NOT NULL,
    staff TEXT NOT NULL,
    student TEXT NOT NULL,
    PRIMARY KEY (report),
    FOREIGN KEY(report) REFERENCES reports (key)
);
INSERT INTO schema_version VALUES (1, '2026-01-01 00:00:00+00:00');
INSERT INTO students (key, id, id_key, name, email, login, section, group_name, extension_days, on_roster, extra)
    VALUES (1, 'ada', 'ada', 'Ada', '', '', '', '', 0, TRUE, '');
INSERT INTO attempts (key, assignment, student, handed_in_by, matched_by, received_at, sha256, source, label,
    claimed, members, recorded_at)
    VALUES (1, 'demo', 1, 'ada', 'id', '2026-03-27T22:59:00.000000+00:00', 'f', '', 'ada', NULL, '',
    '2026-03-28T00:00:00.000000+00:00');
INSERT INTO reports (key, attempt, sha256, score, max_score, faults, assignment_version, grader_version, isolation, seed,
    graded_at, recorded_at)
    VALUES (1, 1, 'f', 7, 10, 0, '', '', 'full', NULL, '2026-03-28T00:00:00.000000+00:00',
    '2026-03-28T00:00:00.000000+00:00');
