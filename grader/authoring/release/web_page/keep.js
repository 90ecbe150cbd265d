// Keeps what is written in this browser, under the homework's name, until it is started over.

export class Keep {
  constructor({ course, homework, starterHash }) {
    this.name = `grader/${course}/${homework}`;
    this.starterHash = starterHash;
  }

  read() {
    try {
      return JSON.parse(localStorage.getItem(this.name));
    } catch {
      return null;
    }
  }

  // Whether it could be kept: a browser may have no room, or not be allowed to.
  write(files) {
    try {
      const starter = this.read()?.starter ?? this.starterHash;
      localStorage.setItem(this.name, JSON.stringify({ files, starter }));
      return true;
    } catch {
      return false;
    }
  }

  forget() {
    try {
      localStorage.removeItem(this.name);
    } catch {
      // Then it was never kept.
    }
  }
}
