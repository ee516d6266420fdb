/** The rules: each one class, one file of fixtures, one page. {@link dev.pando.lint.rule.Rules} lists them. */
@NullMarked
package dev.pando.lint.rule;

import org.jspecify.annotations.NullMarked;
