// Building the model: types completed and lines checked while they are typed, fields moved by key, a file read.
import './model/lines.js';
import './model/keys.js';
import './model/file.js';
