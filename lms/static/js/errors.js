// After a form was refused, reading starts at the summary of its errors.
document.querySelector(".errors[data-focus]")?.focus();
