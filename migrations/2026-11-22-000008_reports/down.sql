DROP TABLE report_categories, report_claims, report_comments, report_events, report_parties,
    report_reporters, reports;
