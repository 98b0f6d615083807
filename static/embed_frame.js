// The page for frames is the page itself: the canvas alone, unless the address says otherwise.
'use strict';
location.replace(`index.html#mode=embed&${location.hash.slice(1)}`);
