DROP TABLE merchant_applications;
