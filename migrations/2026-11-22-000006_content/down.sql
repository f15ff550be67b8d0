DROP TABLE wechat_pushes;
DROP TABLE content_traces;
DROP TABLE content_checks;
