module larder-cms

go 1.19
